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
  - Creates an application of the Jushita (JST) cloud from one description and keeps it as described. The description
    covers the app with its group, databases, accounts, deploy configs, environments, volume claims, services, SLB
    access points and releases.
  - The role P(jst.retailcloud.application#role) takes the description as variables. The role runs one task for each
    resource. This module runs everything in one task, with independent resources in parallel. Use the module to manage
    many apps in one run.
  - The module reads and plans everything before it writes. An invalid description, or one that names a missing
    resource, is rejected as a whole.
  - A resource that is no longer described stays, unless O(purge) names its type. An entry with C(state=absent) is
    deleted.
  - The module also updates running instances. It releases an environment with O(environments[].release) when its
    images, package or deploy config differ from the last release. When only the number of instances differs, it scales
    the environment. RV(release_due), C(running) of the environment and a warning report all differences that a run does
    not resolve.
  - Services and access points change after the release that opens their new ports, and before the release that closes
    their old ports.
  - After a failure, the module starts no further work. The message lists completed and remaining work. The next run
    resumes the remaining work.
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
      - Some options cannot be read back and are set on creation only. These are O(namespace), O(middleware_ids) and
        O(accounts[].password), unless O(accounts[].update_password=always).
      - O(deploy_configs[].secrets) and O(environments[].cluster) are compared when the service returns them.
options:
  title:
    description: The title of the app. It is unique, and cannot be changed.
    type: str
    required: true
  app_id:
    description:
      - The id of the app, when the app exists and the id is known.
      - When omitted, the module reads the list of all apps to find O(title), 50 apps per call.
    type: int
  biz_code:
    description: The business domain. It cannot be changed. A cluster only accepts apps of its own business domain.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
    required: true
  state_type:
    description: The type of workload. It cannot be changed.
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
      - The type of app. V(StoreApplication) is an e-commerce application, V(TaoHuDongApplication) is a mini program,
        and V(GeneralApplication) is any other app.
    type: str
    choices: [GeneralApplication, StoreApplication, TaoHuDongApplication]
    required: true
  biz_title:
    description: The business title, which is an alias.
    type: str
  description:
    description: A description.
    type: str
  user_roles:
    description: The complete list of users that have a role on the app. Users that are not listed lose their role.
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
        description: The type of account.
        type: str
        choices: [TAOBAO, DING_TALK]
        required: true
  group:
    description:
      - The group of the app. The module creates the group when it does not exist. All apps that name the group share
        it.
      - One of O(group.name) and O(group.app_group_id) is required.
      - Other members stay. The app also stays in its other groups.
    type: dict
    suboptions:
      name:
        description: The name of the group. It belongs to the business domain of O(biz_code).
        type: str
      app_group_id:
        description:
          - The id of an existing group. Use it instead of O(group.name), or together with O(group.name). It
            distinguishes groups with the same name.
          - The service adds an app to a group by the group's name. Delete a second group with the same name first.
        type: int
        aliases: [group_id]
  namespace:
    description: The Kubernetes namespace. Only used on creation.
    type: str
  middleware_ids:
    description: The ids of the middleware of the app. Only used on creation.
    type: list
    elements: int
  deploy_configs:
    description: The deploy configs. Each holds the Kubernetes YAML for one type of environment.
    type: list
    elements: dict
    default: []
    suboptions:
      state:
        description: V(absent) deletes the resource. It requires only the options that identify the resource.
        type: str
        choices: [present, absent]
        default: present
      name:
        description: The name.
        type: str
        required: true
      env_type:
        description: The type of environment that the deploy config is for.
        type: str
        choices: [test, online]
        required: true
      code_path:
        description: The path of the code in the container. An empty path means that releases need no code package.
        type: str
      deployment:
        description: A Deployment for a stateless app, as a mapping or a YAML string.
        type: raw
      stateful_set:
        description: A StatefulSet for a stateful app, as a mapping or a YAML string.
        type: raw
      cron_job:
        description: A CronJob for an app that runs by schedule, as a mapping or a YAML string.
        type: raw
      config_maps:
        description:
          - All ConfigMaps, each as a mapping or a YAML string. A ConfigMap that is not listed is removed.
          - The API cannot store an empty list. With an empty list, the module keeps one ConfigMap, without its data,
            and warns.
        type: list
        elements: raw
      secrets:
        description:
          - All Secrets, each as a mapping or a YAML string. A Secret that is not listed is removed. The content of
            Secrets is never shown.
          - The API cannot store an empty list. With an empty list, the module keeps one Secret, without its data, and
            warns.
          - Of a Secret given as a string, Ansible hides only the whole string from output. Of a mapping, it hides each
            value.
        type: list
        elements: raw
      update_secrets:
        description:
          - When to send O(deploy_configs[].secrets) with content that the service does not show.
          - V(always) sends the Secrets in every run, which counts as a change. V(on_create) sends them on creation and
            with other updates. Other runs warn.
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
        description: V(absent) deletes the resource. It requires only the options that identify the resource.
        type: str
        choices: [present, absent]
        default: present
      name:
        description: The name, which must be unique.
        type: str
        required: true
      env_type:
        description: The type of environment. It cannot be changed.
        type: str
        choices: [test, online]
      region:
        description: The Alibaba Cloud region. It cannot be changed.
        type: str
      replicas:
        description:
          - The number of instances that a release starts. See O(environments[].release.scale).
        type: int
      deploy_config:
        description:
          - The name of a deploy config in O(deploy_configs) for this O(environments[].env_type), or the name or id of
            another deploy config.
          - One of O(environments[].deploy_config) and O(environments[].deploy_config_id) is required.
        type: str
      deploy_config_id:
        description: The id of a deploy config that is not in O(deploy_configs). The module needs no call to find it.
        type: int
      force:
        description:
          - Whether O(environments[].state=absent) also deletes an environment that has instances, services or access
            points.
        type: bool
        default: false
      cluster:
        description: The title or the instance id of the cluster of the environment. The module cannot change it.
        type: str
      cluster_id:
        description:
          - The instance id of the cluster, instead of O(environments[].cluster). The module needs no call to find the
            cluster.
        type: str
      volume_claims:
        description:
          - The persistent volume claims of the environment. The task does not wait until claims are bound, since a
            storage class may bind a claim only on first use. The task only waits for the instances of the release.
        type: list
        elements: dict
        suboptions:
          state:
            description: V(absent) deletes the resource. It requires only the options that identify the resource.
            type: str
            choices: [present, absent]
            default: present
          name:
            description: The name of the claim, which must be unique.
            type: str
            required: true
          capacity:
            description: The requested size, such as V(100Gi). It cannot be changed.
            type: str
          access_mode:
            description: Whether many nodes or one node can mount the volume for reading and writing. The access mode
              cannot be changed.
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
            description: V(absent) deletes the resource. It requires only the options that identify the resource.
            type: str
            choices: [present, absent]
            default: present
          k8s_service_id:
            description: The name of the service in Kubernetes. It cannot be changed.
            type: str
            required: true
          name:
            description: The display name.
            type: str
          service_type:
            description: The type of the service. It cannot be changed.
            type: str
            choices: [ClusterIP, NodePort]
          headless:
            description: Whether a service of type V(ClusterIP) is headless, without an address of its own. The value
              cannot be changed.
            type: bool
          port_mappings:
            description: The complete list of ports.
            type: list
            elements: dict
            suboptions:
              name:
                description: The name of the port, which must be unique.
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
        description: The SLB access points. Two environments cannot share a port of a load balancer.
        type: list
        elements: dict
        suboptions:
          state:
            description: V(absent) deletes the resource. It requires only the options that identify the resource.
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
            description: The port to which the load balancer sends requests.
            type: int
          established_timeout:
            description: The idle timeout of connections in seconds, 10 to 900, for protocol V(TCP).
            type: int
          sticky_session:
            description: Whether requests of one client keep going to the same instance, for protocol V(HTTP) or
              V(HTTPS).
            type: bool
          cookie_timeout:
            description: The duration of sticky sessions in seconds, 1 to 86400, for protocol V(HTTP) or V(HTTPS).
            type: int
          ssl_cert_id:
            description: The id of the certificate, for protocol V(HTTPS).
            type: str
        default: []
      release:
        description:
          - The release settings. When omitted, the module creates the environment and releases nothing. An empty
            mapping is enough to release the images of the deploy config.
          - The module makes a release when nothing runs. It also makes one when the live images or package differ from
            these options, or when the live deploy config differs from the stored one. For changed Secrets, see the
            notes of M(jst.retailcloud.jst_deploy_config). When the service does not keep revisions of Secrets, the run
            that changes them releases them. No later run can detect the change.
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
            description: The images, one per container and in the order of the containers in the deploy config. They
              replace the images of the deploy config.
            type: list
            elements: str
          init_images:
            description: The images of the init containers, one per container and in the order of the containers in the
              deploy config. They replace the images of the deploy config.
            type: list
            elements: str
          partitions:
            description: The number of batches.
            type: int
            default: 2
          pause_type:
            description:
              - When the release pauses automatically. When omitted, it never pauses. During a pause, the task continues
                with its next steps. A user has to resume the release.
            type: str
            choices: [first, each, none]
          update_strategy:
            description: Whether old instances stop before new ones start.
            type: str
            choices: [offline_old_then_online_new, online_new_then_offline_old]
          arms:
            description: Whether to enable ARMS monitoring.
            type: bool
          on_change:
            description:
              - The action when the live state of the environment differs from the description. V(report) changes
                nothing and reports the difference in every run. With either value, the module makes the first release
                of an environment.
            type: str
            choices: [release, report]
            default: release
          scale:
            description:
              - Whether to scale the environment when its number of instances differs from O(environments[].replicas).
                Set V(false) when an autoscaler or a user scales the environment.
              - A release always starts O(environments[].replicas) instances, since the service accepts no other number.
                The run warns when the live number differs.
            type: bool
            default: true
          on_unfinished:
            description: The action when the environment has an unfinished deploy order.
            type: str
            choices: [fail, wait, close]
            default: fail
          wait_timeout:
            description:
              - The maximum number of seconds to wait for this release, within the time limit of the whole task.
            type: int
  databases:
    description: The databases in RDS instances.
    type: list
    elements: dict
    default: []
    suboptions:
      state:
        description: V(absent) deletes the resource. It requires only the options that identify the resource.
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
    description: The accounts of RDS instances. The module creates them after the databases.
    type: list
    elements: dict
    default: []
    suboptions:
      state:
        description: V(absent) deletes the resource. It requires only the options that identify the resource.
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
          - The password. The service never returns it. The module sets it on creation only, unless
            O(accounts[].update_password) is V(always).
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
        description: The privileges of the account, one entry per database.
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
          - Whether to accept privileges that are not listed. With V(false), such privileges fail the task, since the
            service cannot revoke a privilege.
        type: bool
        default: false
  purge:
    description:
      - The types of resources to purge. The module deletes all resources of these types that the app has and the
        description does not contain.
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
      - The parts of the description to manage. Other parts are only read, where the managed parts refer to them.
      - V(absent) deletes the entries with C(state=absent), except services and access points, which belong to their own
        part. V(absent) also makes the deletions of O(purge), with the same exception.
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
      - The deploy configs whose Secrets an earlier task of the play has changed, from RV(changed_secrets) of that task.
        Environments with O(environments[].release) that use one of these deploy configs are released.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the deploy config.
        type: str
        required: true
      env_type:
        description: The type of environment that the deploy config is for.
        type: str
        choices: [test, online]
        required: true
  parallelism:
    description:
      - The maximum number of resources to manage in parallel, and of calls in parallel.
      - The module lowers the number while the service throttles requests.
    type: int
    default: 8
  wait:
    description:
      - Whether to wait for the releases. The module always waits for resources that later steps need.
  wait_timeout:
    description: The maximum number of seconds to wait, in total and including retries.
seealso:
  - module: jst.retailcloud.jst_app
  - module: jst.retailcloud.jst_environment
  - module: jst.retailcloud.jst_deployment
"""

EXAMPLES = r"""
- name: Create the shop, or verify that it matches its description
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

- name: Show what another number of instances would change
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
    - The resources of the description after the task, or their predicted state in check mode.
    - After a failure before the first write, only the resources that were read.
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
        - Null when no group is described.
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
        - The environments, each as M(jst.retailcloud.jst_environment) returns it, with its resources.
        - C(volume_claims), C(services) and C(slb_aps) are lists. Their elements are those of
          M(jst.retailcloud.jst_persistent_volume_claim), M(jst.retailcloud.jst_service) and
          M(jst.retailcloud.jst_slb_ap). C(deploy_order) is the release or the scaling of this task, as
          M(jst.retailcloud.jst_deployment) returns it. C(deploy_order) is null when
          the task needed no release and no scaling.
        - C(running) is the live state of the environment when the task began. It is null when the task changed the live
          state, which check mode never does. It is also null when the environment did not exist.
        - C(running) has C(deploy_order_id) (the last release), C(instances) (their number), C(versions),
          C(unhealthy_instances) and C(unfinished_orders). C(configuration_is_known) states whether that release shows
          its deploy config. C(content_is_known) is false when the service does not show whether the described content
          runs. C(differences) has a C(reason) and a C(message) for each difference from the description.
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
  description: The changes that the task made, or would make in check mode, as sentences. In a failed task, C(msg)
    contains them.
  returned: success
  type: list
  elements: str
  sample: ["create app 'shop'", "create deploy config 'web/online'"]
pending_parts:
  description:
    - The parts of the description, as in O(parts), in which a real run has changes to make or resources to wait for.
    - A resource that matches the description and is not ready yet, such as a database in creation, is a resource to
      wait for.
  returned: success in check mode
  type: list
  elements: str
  sample: [environments, release]
part_warnings:
  description: The warnings about resources of the description, by part.
  returned: success in check mode
  type: list
  elements: dict
  contains:
    part:
      description: The part of the description, as in O(parts).
      type: str
      returned: always
      sample: accounts
    warning:
      description: The warning.
      type: str
      returned: always
      sample: "App 'shop': Environment 'production' is not released."
  sample: [{part: release, warning: "App 'shop': Environment 'production' is not released."}]
differences:
  description:
    - The options that differed from the description when the task began, by resource. Resources that did not exist are
      not listed.
    - Secrets are also listed, although no diff shows their values.
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
    - The options that the service usually shows and did not show in this run, by resource. Whether these options differ
      is unknown.
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
    - The environments whose live state differs from the description and that this run did not release. Their
      O(environments[].release) is missing or has O(environments[].release.on_change=report). They are listed in every
      run until they are released.
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
            - The reason code, V(not_released), V(offline), V(interrupted), V(content), V(configuration) or V(secrets).
          type: str
          returned: always
          sample: configuration
        message:
          description: The reason as a sentence.
          type: str
          returned: always
          sample: runs the deploy config as it was at deploy order 60001 ('ansible-1f0c5b0a9d3e')
      sample: [{reason: configuration, message: runs the deploy config as it was at deploy order 60001}]
  sample: [{environment: production, reasons: [{reason: configuration, message: runs the deploy config as it was}]}]
closed_ports:
  description:
    - The services and access points that send requests to a port that no instance opens, as far as the last release by
      this collection shows.
    - When the description moves a service or access point to a closed port, the module postpones the move until a
      release has opened the port.
    - After a release that did not succeed, and while a release is paused, several releases may run. A port is then open
      when each of these releases opens it. After a release by another tool, the open ports are unknown, and the module
      makes no move.
  returned: success, or failure before the first write
  type: list
  elements: dict
  contains:
    resource:
      description: The service or access point, as a phrase.
      type: str
      returned: always
      sample: service 'web' of environment 'production'
    held_back:
      description: Whether the description moves the resource to this port, and the run postponed the move.
      type: bool
      returned: always
      sample: true
    message:
      description: The closed and open ports, as sentences.
      type: str
      returned: always
      sample: >-
        is not changed yet, since not all instances are known to open port 9090. The instances that deploy order 60001
        ('spring') started open only 8080
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
      description: The type of environment that the deploy config is for.
      type: str
      returned: always
      sample: online
  sample: [{name: web, env_type: online}]
errors:
  description:
    - The errors that prevent resources from reaching the described state. The message of the task contains all of them.
    - The comparison continues after such an error, so one error hides no other error and no difference. After the first
      write, the changes that already run are completed, so several can fail, such as the releases of two environments.
  returned: failure
  type: list
  elements: dict
  contains:
    resource:
      description: The resource, named as in the diff.
      type: str
      returned: always
      sample: environment 'production'
    error:
      description: The error. It has the same members as C(error) in the result of a failed task.
      type: dict
      returned: always
      sample:
        code: ImmutableDifference
        message: "Environment 'production' cannot be changed as asked: region is 'cn-hangzhou', asked for 'cn-beijing'."
        differences: {region: {current: cn-hangzhou, desired: cn-beijing}}
    last_state:
      description:
        - The last state of the resource, as the module of its type returns it, when the resource has failed or the wait
          for it has timed out.
        - For a release or scaling, it is the deploy order, as M(jst.retailcloud.jst_deployment) returns it. Its
          C(failed_pods) has the logs and events of failed pods.
      type: dict
      returned: when the task has waited for the resource
      sample:
        deploy_order_id: 60001
        status: finished
        result: failed
        failed_pods:
          - instance: jck-deployment-shop-10001-20001-60002-2f20bda6fb-54ee1
            log: "Starting the application\nFatal: could not start, giving up"
            events: ["Warning BackOff: Back-off restarting failed container"]
  sample: [{resource: environment 'production', error: {code: ImmutableDifference}}]
not_previewed:
  description: The resources that were not compared because another resource could not be read.
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
