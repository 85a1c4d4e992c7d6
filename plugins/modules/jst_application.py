#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_application
short_description: Manage a whole application on Jushita in one task
version_added: 1.0.0
description:
  - Brings an application of the Jushita (JST) cloud up from one description, and keeps it as described - the app with
    its group, databases, accounts, deploy configs, environments, volume claims, services, SLB access points and
    releases.
  - The description is the one that the role P(jst.retailcloud.application#role) takes as variables. The role runs
    a task for each resource; this module does all of it in one task, with independent resources in parallel. Use it
    where many apps are managed in one run.
  - All is read and planned before anything is written. A description that cannot be right, or names something that
    does not exist, is rejected as a whole.
  - What is no longer described stays as it is, unless O(purge) names its type. An entry with C(state=absent) is
    deleted.
  - What runs is converged too. An environment with O(environments[].release) is released when its images, its package
    or its deploy config differ from what was last released, and scaled when only the number of its instances differs.
    What a run leaves as it is, it reports in RV(release_due), in C(running) of the environment, and as a warning.
  - Services and access points are changed after the release that opens the ports that they send requests to, and before
    the one that closes the ports that they leave.
  - When something fails, nothing more is begun, and the message names what was done and what was not. The next run
    goes on from there.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.wait
attributes:
  idempotent:
    support: partial
    details:
      - What the service does not tell is set on creation only - O(namespace), O(middleware_ids) and
        O(accounts[].password), unless O(accounts[].update_password=always).
      - O(deploy_configs[].secrets) and O(environments[].cluster) are compared where the service tells them.
options:
  title:
    description: The title of the app. It is unique, and cannot be changed.
    type: str
    required: true
  app_id:
    description:
      - The id of the app, where it exists and its id is known.
      - Without it the list of all apps is read to find the O(title), 50 apps a call.
    type: int
  biz_code:
    description: The business domain. It cannot be changed, and a cluster only takes apps of its own business domain.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
    required: true
  state_type:
    description: The kind of workload. It cannot be changed.
    type: str
    choices: [stateless, stateful, daemonset, cron_job]
    default: stateless
  language:
    description: The programming language.
    type: str
    choices: [Java, PHP, 'C#', Python]
    required: true
  operating_system:
    description: The operating system that the app is deployed on.
    type: str
    choices: [Linux, Windows]
    default: Linux
  service_type:
    description:
      - The kind of app. V(StoreApplication) is an e-commerce application, V(TaoHuDongApplication) a mini program,
        V(GeneralApplication) any other.
    type: str
    choices: [GeneralApplication, StoreApplication, TaoHuDongApplication]
    required: true
  biz_title:
    description: The business title, an alias.
    type: str
  description:
    description: A description.
    type: str
  user_roles:
    description: The users that have a role on the app, as a whole. Users who are not listed lose their role.
    type: list
    elements: dict
    required: true
    suboptions:
      role_name:
        description: The role.
        type: str
        choices: [Owner, PE, Dev, Test]
        required: true
      user_id:
        description: The id of the user.
        type: str
        required: true
      user_type:
        description: The kind of account.
        type: str
        choices: [TAOBAO, DING_TALK]
        required: true
  group:
    description:
      - The group of apps that the app belongs to. It is made if it is not there, and shared by all apps that name
        it.
      - One of O(group.name) and O(group.app_group_id) is required in it.
      - Other members stay, and so does the membership in other groups.
    type: dict
    suboptions:
      name:
        description: The name of the group. It belongs to the business domain of O(biz_code).
        type: str
      app_group_id:
        description:
          - The id of an existing group, instead of or beside its name. It tells groups of one name apart.
          - Apps join a group by its name, so a second group of the same name has to be deleted first.
        type: int
        aliases: [group_id]
  namespace:
    description: The Kubernetes namespace. Used on creation only.
    type: str
  middleware_ids:
    description: The ids of the middleware of the app. Used on creation only.
    type: list
    elements: int
  deploy_configs:
    description: The deploy configs, each the Kubernetes YAML of one kind of environment.
    type: list
    elements: dict
    default: []
    suboptions:
      state:
        description: V(absent) deletes it. Then only what identifies it is required.
        type: str
        choices: [present, absent]
        default: present
      name:
        description: The name.
        type: str
        required: true
      env_type:
        description: The kind of environment it is for.
        type: str
        choices: [test, online]
        required: true
      code_path:
        description: The path of the code in the container. Empty means that a release needs no code package.
        type: str
      deployment:
        description: A Deployment for a stateless app, as a mapping or as YAML text.
        type: raw
      stateful_set:
        description: A StatefulSet for a stateful app, as a mapping or as YAML text.
        type: raw
      cron_job:
        description: A CronJob for an app that runs by schedule, as a mapping or as YAML text.
        type: raw
      config_maps:
        description:
          - All ConfigMaps, each a mapping or YAML text. One that is not listed is removed.
          - An empty list leaves one ConfigMap without content, because the service cannot empty the list.
        type: list
        elements: raw
      secrets:
        description:
          - All Secrets, each YAML text or a mapping. One that is not listed is removed. Their content is never shown.
          - An empty list leaves one Secret without content, because the service cannot empty the list.
          - Given as text, nothing but the text itself has to be hidden from output.
        type: list
        elements: raw
      update_secrets:
        description:
          - When to send O(deploy_configs[].secrets) whose content the service does not show.
          - V(always) sends them in every run, which counts as a change. V(on_create) sends them on creation and with
            other updates. Other runs warn.
        type: str
        choices: [on_create, always]
        default: always
  environments:
    description: The environments.
    type: list
    elements: dict
    default: []
    suboptions:
      state:
        description: V(absent) deletes it. Then only what identifies it is required.
        type: str
        choices: [present, absent]
        default: present
      name:
        description: The name, different for each.
        type: str
        required: true
      env_type:
        description: The kind of environment. It cannot be changed.
        type: str
        choices: [test, online]
      region:
        description: The Alibaba Cloud region. It cannot be changed.
        type: str
      replicas:
        description:
          - The number of instances. A release starts that many. See O(environments[].release.scale).
        type: int
      deploy_config:
        description:
          - The name of the deploy config, one of O(deploy_configs) of the same kind, or the name or id of another.
          - One of O(environments[].deploy_config) and O(environments[].deploy_config_id) is required.
        type: str
      deploy_config_id:
        description: The id of a deploy config that is not one of O(deploy_configs). It needs no call to find it.
        type: int
      force:
        description:
          - Whether O(environments[].state=absent) also deletes an environment that has instances, services or access
            points.
        type: bool
        default: false
      cluster:
        description: The title or the instance id of the cluster that the environment runs on. It cannot be changed
          here.
        type: str
      cluster_id:
        description:
          - The instance id of the cluster, instead of O(environments[].cluster). It needs no call to find the cluster.
        type: str
      volume_claims:
        description:
          - The claims to persistent volumes of the cluster. The task does not wait until they are bound, since a
            storage class may bind a claim only when an instance uses it. The release waits for its instances.
        type: list
        elements: dict
        suboptions:
          state:
            description: V(absent) deletes it. Then only what identifies it is required.
            type: str
            choices: [present, absent]
            default: present
          name:
            description: The name of the claim, different for each.
            type: str
            required: true
          capacity:
            description: The size that is asked for, such as V(100Gi). It cannot be changed.
            type: str
          access_mode:
            description: Whether many nodes mount the volume for reading and writing, or one. It cannot be changed.
            type: str
            choices: [ReadWriteMany, ReadWriteOnce]
          storage_class:
            description: The storage class of the volume. It cannot be changed.
            type: str
        default: []
      services:
        description: The Kubernetes services.
        type: list
        elements: dict
        suboptions:
          state:
            description: V(absent) deletes it. Then only what identifies it is required.
            type: str
            choices: [present, absent]
            default: present
          k8s_service_id:
            description: The name of the service in Kubernetes. It cannot be changed.
            type: str
            required: true
          name:
            description: A name for people.
            type: str
          service_type:
            description: The type of the service. It cannot be changed.
            type: str
            choices: [ClusterIP, NodePort]
          headless:
            description: Whether a service of type V(ClusterIP) has no address of its own. It cannot be changed.
            type: bool
          port_mappings:
            description: The ports, as a whole.
            type: list
            elements: dict
            suboptions:
              name:
                description: The name of the port, different for each.
                type: str
                required: true
              protocol:
                description: The protocol.
                type: str
                choices: [TCP, UDP]
                default: TCP
              port:
                description: The port that the service offers.
                type: int
                required: true
              target_port:
                description: The port that the process listens on, a number or a name.
                type: str
                required: true
              node_port:
                description: The port on the nodes, with a service of type V(NodePort).
                type: int
        default: []
      slb_aps:
        description: The SLB access points. A port of a load balancer serves one environment of one app.
        type: list
        elements: dict
        suboptions:
          state:
            description: V(absent) deletes it. Then only what identifies it is required.
            type: str
            choices: [present, absent]
            default: present
          slb_id:
            description: The id of the load balancer.
            type: str
            required: true
          listener_port:
            description: The port that the load balancer listens on.
            type: int
            required: true
          protocol:
            description: The protocol. It cannot be changed.
            type: str
            choices: [TCP, UDP, HTTP, HTTPS]
          name:
            description: The name.
            type: str
          real_server_port:
            description: The port that the load balancer sends requests on to.
            type: int
          established_timeout:
            description: After how many idle seconds a connection is closed, 10 to 900, with protocol V(TCP).
            type: int
          sticky_session:
            description: Whether a client stays with one instance, with protocol V(HTTP) or V(HTTPS).
            type: bool
          cookie_timeout:
            description: How many seconds it stays there, 1 to 86400, with protocol V(HTTP) or V(HTTPS).
            type: int
          ssl_cert_id:
            description: The id of the certificate, with protocol V(HTTPS).
            type: str
        default: []
      release:
        description:
          - How to release. Without it the environment is made and nothing is released in it; an empty mapping is
            enough to release the images that the deploy config names.
          - A release is made when the environment runs other images or another package than asked for here, or another
            deploy config than it has now, or nothing. For changed Secrets see the notes of
            M(jst.retailcloud.jst_deploy_config). Where the service does not keep their revisions, the run that changes
            them releases them, and no later run can see that.
        type: dict
        suboptions:
          name:
            description: The name of the deploy order.
            type: str
          description:
            description: The description of the deploy order.
            type: str
          packet_id:
            description: The id of a code package.
            type: int
          packet_url:
            description: The address of a code package, instead of its id.
            type: str
          images:
            description: The images of the containers, in their order, in place of those in the deploy config.
            type: list
            elements: str
          init_images:
            description: The images of the init containers, in their order, in place of those in the deploy config.
            type: list
            elements: str
          partitions:
            description: The number of batches.
            type: int
            default: 2
          pause_type:
            description:
              - When the release pauses by itself, never unless set. The role goes on when it pauses; somebody has
                to resume it.
            type: str
            choices: [first, each, none]
          update_strategy:
            description: Whether old instances stop before new ones start.
            type: str
            choices: [offline_old_then_online_new, online_new_then_offline_old]
          arms:
            description: Whether to switch ARMS monitoring on.
            type: bool
          on_change:
            description:
              - What to do when the environment runs something else than what is described. V(report) leaves it as it
                is, and reports it in every run. The first release is made with both.
            type: str
            choices: [release, report]
            default: release
          scale:
            description:
              - Whether to scale the environment when it runs another number of instances than
                O(environments[].replicas) says. Set it to V(false) where an autoscaler or people scale.
              - A release starts O(environments[].replicas) instances nevertheless, because it takes no other number.
                The run warns when another number runs.
            type: bool
            default: true
          on_unfinished:
            description: What to do about an unfinished deploy order of the environment.
            type: str
            choices: [fail, wait, close]
            default: fail
          wait_timeout:
            description: For how many seconds to wait until the release is done, V(600) unless set.
            type: int
  databases:
    description: The databases in RDS instances.
    type: list
    elements: dict
    default: []
    suboptions:
      state:
        description: V(absent) deletes it. Then only what identifies it is required.
        type: str
        choices: [present, absent]
        default: present
      instance_id:
        description: The id of the RDS instance.
        type: str
        required: true
      name:
        description: The name of the database.
        type: str
        required: true
      character_set:
        description: The character set. It cannot be changed.
        type: str
        choices:
          - utf8
          - gbk
          - latin1
          - utf8mb4
          - Chinese_PRC_CI_AS
          - Chinese_PRC_CS_AS
          - SQL_Latin1_General_CP1_CI_AS
          - SQL_Latin1_General_CP1_CS_AS
          - Chinese_PRC_BIN
      description:
        description: A description, one word. It cannot be changed.
        type: str
  accounts:
    description: The accounts of RDS instances. They are made after the databases.
    type: list
    elements: dict
    default: []
    suboptions:
      state:
        description: V(absent) deletes it. Then only what identifies it is required.
        type: str
        choices: [present, absent]
        default: present
      instance_id:
        description: The id of the RDS instance.
        type: str
        required: true
      name:
        description: The name of the account.
        type: str
        required: true
      password:
        description:
          - The password. The service never tells it, so it is set on creation only unless O(accounts[].update_password)
            says otherwise.
        type: str
      update_password:
        description: When to set the password. V(always) counts as a change in every run.
        type: str
        choices: [on_create, always]
        default: on_create
      type:
        description: The type of the account. It cannot be changed.
        type: str
        choices: [Normal, Super]
      privileges:
        description: What the account may do with which database.
        type: list
        elements: dict
        suboptions:
          database:
            description: The name of the database.
            type: str
            required: true
          privilege:
            description: The privilege.
            type: str
            choices: [ReadWrite, ReadOnly, DDLOnly, DMLOnly, DBOwner]
            required: true
      ignore_extra_privileges:
        description:
          - Whether privileges that are not listed may stay. The service cannot take one away, so otherwise they are
            an error.
        type: bool
        default: false
  purge:
    description:
      - The types of which to delete everything that the app has and the description does not.
      - Databases and accounts are never purged.
      - An environment that has instances is not deleted, unless O(purge_force=true).
    type: list
    elements: str
    choices: [environments, slb_aps, services, volume_claims, deploy_configs]
    default: []
  purge_force:
    description: Whether O(purge) also deletes environments that have instances, services or access points.
    type: bool
    default: false
  parts:
    description:
      - The parts of the description to manage. The others are only looked up where these refer to them.
      - V(absent) deletes the entries with C(state=absent), but for services and access points, which belong to their
        own part. So does O(purge).
      - Role P(jst.retailcloud.application#role) has a task for each part, with tags.
    type: list
    elements: str
    choices:
      - app
      - group
      - databases
      - accounts
      - deploy_configs
      - environments
      - volume_claims
      - services
      - slb_aps
      - release
      - absent
    default:
      - app
      - group
      - databases
      - accounts
      - deploy_configs
      - environments
      - volume_claims
      - services
      - slb_aps
      - release
      - absent
  changed_secrets:
    description:
      - The deploy configs whose Secrets an earlier task of the play has changed, as RV(changed_secrets) of that task
        says. Environments with O(environments[].release) that use one are released.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the deploy config.
        type: str
        required: true
      env_type:
        description: The kind of environment it is for.
        type: str
        choices: [test, online]
        required: true
  parallelism:
    description:
      - How many things to work on at once, and how many calls may be on their way at once.
      - While the service throttles, there are fewer.
    type: int
    default: 8
  wait:
    description:
      - Whether to wait for the releases. Whatever later steps need is always waited for.
  wait_timeout:
    description: For how many seconds to wait at most, for everything together and retries included.
seealso:
  - module: jst.retailcloud.jst_app
  - module: jst.retailcloud.jst_environment
  - module: jst.retailcloud.jst_deployment
"""

EXAMPLES = r"""
- name: Bring the shop up, or see that it is as described
  jst.retailcloud.jst_application:
    title: shop
    biz_code: JST
    language: Java
    service_type: GeneralApplication
    user_roles:
      - role_name: Owner
        user_id: "1001"
        user_type: TAOBAO
    group:
      name: shops
    databases:
      - instance_id: rm-emu0000000000001
        name: shop
        character_set: utf8mb4
    accounts:
      - instance_id: rm-emu0000000000001
        name: shop
        password: "{{ shop_password }}"
        privileges:
          - database: shop
            privilege: ReadWrite
    deploy_configs:
      - name: web
        env_type: online
        deployment:
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: web
          spec:
            selector:
              matchLabels:
                app: web
            template:
              metadata:
                labels:
                  app: web
              spec:
                containers:
                  - name: web
                    image: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.0.0
    environments:
      - name: production
        env_type: online
        region: cn-zhangjiakou
        cluster: emu-online
        replicas: 2
        deploy_config: web
        services:
          - k8s_service_id: web
            name: web
            service_type: ClusterIP
            port_mappings:
              - name: http
                port: 80
                target_port: "8080"
        release: {}
  vars:
    shop_password: "Shop-2026-secret"

- name: Delete an environment, and the services that are not described
  jst.retailcloud.jst_application:
    title: shop
    biz_code: JST
    language: Java
    service_type: GeneralApplication
    user_roles:
      - role_name: Owner
        user_id: "1001"
        user_type: TAOBAO
    environments:
      - name: production
        state: absent
        force: true
    purge: [services]

- name: See what another number of instances would change
  jst.retailcloud.jst_application:
    title: shop
    biz_code: JST
    language: Java
    service_type: GeneralApplication
    user_roles:
      - role_name: Owner
        user_id: "1001"
        user_type: TAOBAO
    environments:
      - name: production
        env_type: online
        region: cn-zhangjiakou
        replicas: 4
        deploy_config: "30001"
  check_mode: true
  diff: true
"""

RETURN = r"""
application:
  description:
    - Everything that was described, as it is now, or as it would be in check mode.
    - After a failure before the first write, as far as it was read.
  returned: success, or failure before the first write
  type: dict
  contains:
    app:
      description: The app, as M(jst.retailcloud.jst_app) returns it.
      type: dict
      returned: always
      sample: {app_id: 10001, title: shop, biz_code: JST, language: Java}
    app_group:
      description:
        - The group, as M(jst.retailcloud.jst_app_group) returns it.
        - Null when none is described.
      type: dict
      returned: always
      sample: {app_group_id: 70001, biz_code: JST, name: shops, app_ids: [10001]}
    databases:
      description: The databases, each as M(jst.retailcloud.jst_rds_db) returns it.
      type: list
      elements: dict
      returned: always
      sample: [{instance_id: rm-emu0000000000001, name: shop, character_set: utf8mb4, status: Running}]
    accounts:
      description: The accounts, each as M(jst.retailcloud.jst_rds_account) returns it.
      type: list
      elements: dict
      returned: always
      sample: [{instance_id: rm-emu0000000000001, name: shop, type: Normal, status: Available}]
    deploy_configs:
      description: The deploy configs, each as M(jst.retailcloud.jst_deploy_config) returns it.
      type: list
      elements: dict
      returned: always
      sample: [{deploy_config_id: 30001, name: web, env_type: online}]
    environments:
      description:
        - The environments, each as M(jst.retailcloud.jst_environment) returns it, with what is in it.
        - C(volume_claims), C(services) and C(slb_aps) are lists of what the modules
          M(jst.retailcloud.jst_persistent_volume_claim), M(jst.retailcloud.jst_service) and
          M(jst.retailcloud.jst_slb_ap) return, C(deploy_order) is the release of this task as
          M(jst.retailcloud.jst_deployment) returns it, or its scaling, null when none was needed.
        - C(running) is what the environment ran when the task began. It is null when the task changed that, which check
          mode never does, and when the environment did not exist.
        - C(running) has C(deploy_order_id), the last release; C(configuration_is_known), whether that release tells
          which deploy config it released; C(content_is_known), whether the service shows if the described content runs;
          C(instances), their number; C(versions); C(unhealthy_instances) and C(unfinished_orders); and C(differences),
          with a C(reason) and a C(message) for each way in which it differs from the description.
      type: list
      elements: dict
      returned: always
      sample:
        - environment_id: 20001
          name: production
          env_type: online
          replicas: 2
          volume_claims: []
          services: [{service_id: 50001, k8s_service_id: web}]
          slb_aps: []
          deploy_order: null
          running: {deploy_order_id: 60001, configuration_is_known: true, content_is_known: true, instances: 2,
                    versions: ["1.0"], unhealthy_instances: [], unfinished_orders: [], differences: []}
steps:
  description: What was done, or would be in check mode, in words. A failed task says it in C(msg).
  returned: success
  type: list
  elements: str
  sample: ["create app 'shop'", "create deploy config 'web/online'"]
pending_parts:
  description:
    - The parts of the description, as O(parts) names them, in which a real run has something to change or to wait for.
    - Resources that are as described and not ready yet, such as a database that is being created, are something to
      wait for.
  returned: success in check mode
  type: list
  elements: str
  sample: [environments, release]
differences:
  description:
    - The options that differed from the description when the task began, by resource. Resources that did not exist are
      not listed.
    - Secrets are listed too, although no diff shows their values.
  returned: success, or failure before the first write
  type: list
  elements: dict
  contains:
    resource:
      description: The resource that differs, named as in the diff.
      type: str
      returned: always
      sample: deploy config 'web/online'
    options:
      description: The options.
      type: list
      elements: str
      returned: always
      sample: [secrets]
  sample: [{resource: deploy config 'web/online', options: [secrets]}]
not_compared:
  description:
    - The options that the service usually shows and did not show this time, by resource. Whether they differ is
      unknown.
    - Options that the service never shows, such as passwords, are not listed.
  returned: success, or failure before the first write
  type: list
  elements: dict
  contains:
    resource:
      description: The resource that has the options, named as in the diff.
      type: str
      returned: always
      sample: deploy config 'web/online'
    options:
      description: The options.
      type: list
      elements: str
      returned: always
      sample: [secrets]
  sample: [{resource: deploy config 'web/online', options: [secrets]}]
release_due:
  description:
    - The environments that run something else than what is described, and that this run did not release - because
      O(environments[].release) is missing or says O(environments[].release.on_change=report). In every run until the
      environment has been released.
    - Role P(jst.retailcloud.release#role) and playbook C(jst.retailcloud.restart) make a release.
  returned: success, or failure before the first write
  type: list
  elements: dict
  contains:
    environment:
      description: The name of the environment.
      type: str
      returned: always
      sample: production
    reasons:
      description: Why a release is due.
      type: list
      elements: dict
      returned: always
      contains:
        reason:
          description:
            - The reason in one word. V(not_released), V(offline), V(interrupted), V(content), V(configuration) or
              V(secrets).
          type: str
          returned: always
          sample: configuration
        message:
          description: The reason in words.
          type: str
          returned: always
          sample: runs the deploy config as it was at deploy order 60001 ('ansible-1f0c5b0a9d3e')
      sample: [{reason: configuration, message: runs the deploy config as it was at deploy order 60001}]
  sample: [{environment: production, reasons: [{reason: configuration, message: runs the deploy config as it was}]}]
closed_ports:
  description:
    - The services and access points that send requests to a port that no instance opens, as far as the last release by
      this collection tells.
    - One that the description moves to such a port is held back. It stays as it is until a release has opened the port.
    - After a release that did not succeed, and while one pauses, a port is open when every release opens it of which
      instances may run. After a release by somebody else, open ports are not known, and no move is made.
  returned: success, or failure before the first write
  type: list
  elements: dict
  contains:
    resource:
      description: The service or access point in words.
      type: str
      returned: always
      sample: service 'web' of environment 'production'
    held_back:
      description: Whether the description moves it there, and the run leaves it as it is.
      type: bool
      returned: always
      sample: true
    message:
      description: Which ports are closed and which are open, in words.
      type: str
      returned: always
      sample: >-
        stays as it is: the description sends its requests to port 9090, and the instances that deploy order 60001
        ('spring') started open 8080 alone
changed_secrets:
  description: The deploy configs whose Secrets this run has changed, or would change in check mode.
  returned: success, or failure before the first write
  type: list
  elements: dict
  contains:
    name:
      description: The name of the deploy config.
      type: str
      returned: always
      sample: web
    env_type:
      description: The kind of environment it is for.
      type: str
      returned: always
      sample: online
  sample: [{name: web, env_type: online}]
errors:
  description:
    - Why the resources cannot be brought to the described state. The message of the task holds all of them.
    - The comparison continues after such an error, so one error hides no other and no difference.
  returned: failure before the first write
  type: list
  elements: dict
  contains:
    resource:
      description: The resource, named as in the diff.
      type: str
      returned: always
      sample: environment 'production'
    error:
      description: The error, with the members that C(error) of a failed task has.
      type: dict
      returned: always
      sample:
        code: ImmutableDifference
        message: "Environment 'production' cannot be changed as asked: region is 'cn-hangzhou', asked for 'cn-beijing'."
        differences: {region: {current: cn-hangzhou, desired: cn-beijing}}
  sample: [{resource: environment 'production', error: {code: ImmutableDifference}}]
not_previewed:
  description: The resources that were not compared, since another one could not be read.
  returned: failure before the first write
  type: list
  elements: str
  sample: ["service 'web' of environment 'production'"]
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_composition
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import Application


def main() -> None:
    """Run the module."""
    run_composition(Application)


if __name__ == "__main__":
    main()
